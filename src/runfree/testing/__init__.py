"""The public test kit: a synthetic runner with known truth, cameras to film them, contracts for backends."""
