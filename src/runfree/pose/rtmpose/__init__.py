"""The second backend: RTMPose with feet (HALPE-26) by onnxruntime; its weights are fetched once or given."""
