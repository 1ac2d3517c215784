"""Laboratory files in and out: TRC, MOT, C3D, text, OpenPose folders, datasets of ``movement``."""
