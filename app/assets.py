"""Static files, sent compressed to browsers that take it."""

import gzip
import hashlib
import os
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

COMPRESSED = (".css", ".js", ".svg")


class Assets(WhiteNoise):
    """WhiteNoise that compresses by itself: each content once, into a folder beside the data."""

    def __init__(self, application: Any, folder: Path) -> None:
        super().__init__(application, max_age=3600, allow_all_origins=False)
        self.folder = folder.absolute()

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> StaticFile:
        """The answers for one file, plain and compressed."""
        if not path.endswith(COMPRESSED):
            return super().get_static_file(path, url, stat_cache=stat_cache)
        headers = Headers([])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        return StaticFile(path, headers.items(), encodings=self._encodings(Path(path)))

    def _encodings(self, path: Path) -> dict[str, str]:
        """By encoding, where the compressed content lies; where nothing can be kept, it goes out as it is."""
        content = path.read_bytes()
        kept = self.folder / f"{hashlib.sha256(content).hexdigest()}.gz"
        try:
            if not kept.exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                unfinished = kept.with_suffix(f".{os.getpid()}")
                unfinished.write_bytes(gzip.compress(content, mtime=0))
                unfinished.replace(kept)
        except OSError:
            return {}
        return {"gzip": str(kept)}
