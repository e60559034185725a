"""Parts of the job `calibrate_radio`."""
