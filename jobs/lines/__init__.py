"""What jobs on roads and railways share: reading, judging, tallying and writing them."""
