"""What planned facilities take of the ground: control lines that they meet, and the land that they need."""
