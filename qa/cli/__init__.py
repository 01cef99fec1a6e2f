"""The command `nkqa`: each command parses its options, makes one public call and prints the result.
`commands` has the commands, `terminal` what they share, `streams` what may be wrong with stdout."""
