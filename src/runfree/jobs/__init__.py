"""Run work elsewhere: in a guarded child process, on all cores, on a cluster. Knows nothing of films."""
