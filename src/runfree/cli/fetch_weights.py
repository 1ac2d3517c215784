"""``runfree fetch-weights``."""

from __future__ import annotations

from pathlib import Path


def fetch_weights(*, out: Path | None = None, mirror: str | None = None) -> int:
    """Fetch the networks of --backend rtmpose (72 MB), once; what was cut off is gone on with.

    This is the only command that uses a network. Proxies are taken from the environment (https_proxy).

    Parameters
    ----------
    out
        Another folder, to carry to a computer without a network: there runfree analyze --backend rtmpose --weights FOLDER.
    mirror
        Address of another place with the same files; their checksums decide.
    """
    from runfree.cli.progress import bars
    from runfree.pose.rtmpose.fetch import SOURCE, fetch
    from runfree.pose.rtmpose.weights import FINDER, LICENCE, POSE, default_folder

    folder, source = out or default_folder(), mirror or SOURCE
    print(f"{LICENCE}\n")
    with bars() as show:
        for weights in (POSE, FINDER):
            print(
                f"{weights.title}\n  {source}/{weights.file}\n  SHA-256 of the network: {weights.sha256}",
                flush=True,
            )
            fetch(weights, folder, lambda done, total, name=weights.file: show(name, done, total), source=source)
    print(
        f"\nBoth are in {folder} and have the expected checksums. Use them with: runfree analyze FILM --backend rtmpose"
    )
    return 0
