"""Write a VCT file in one of two forms, streamed and the same to the byte for the same input; `file.write_vct`."""
