"""`make scan`: scanners of others and fuzzing of our own, each finding explained or the command fails."""
