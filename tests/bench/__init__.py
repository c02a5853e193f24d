"""The benchmarks: `python -m tests.bench`. Each is a ratio against a peer that was measured in the same run."""
