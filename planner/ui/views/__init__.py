"""Page files, two lines each."""
