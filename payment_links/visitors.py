"""Telling scanners and previewers from people, as far as they say so themselves.

Only the record depends on it (a prefetch or a click); no rule of safety does.
"""

from collections.abc import Mapping

MACHINES = (
    "bot", "crawl", "spider", "preview", "scan", "monitor", "validator", "fetcher",
    "facebookexternalhit", "whatsapp", "slack-imgproxy", "skypeuripreview", "vkshare",
    "googleimageproxy", "google-read-aloud", "google-safety", "mediapartners",
    "proofpoint", "mimecast", "barracuda", "symantec", "trendmicro", "ironport", "forcepoint",
    "headlesschrome", "phantomjs", "curl/", "wget/", "python", "go-http-client", "libwww",
    "java/", "okhttp", "axios/", "node-fetch", "ruby", "perl", "httpclient",
)  # fmt: skip
"""Parts of User-Agent headers, in lower case, that link previewers and mail scanners send."""

_SPECULATIVE = ("Purpose", "Sec-Purpose", "X-Purpose", "X-Moz")


def is_machine(method: str, headers: Mapping[str, str]) -> bool:
    """True for HEAD, for speculative loading and for agents that name themselves."""
    agent = headers.get("User-Agent", "").lower()
    if method == "HEAD" or not agent:
        return True
    ahead = (headers.get(name, "").lower() for name in _SPECULATIVE)
    if any("prefetch" in value or "prerender" in value or "preview" in value for value in ahead):
        return True
    return any(part in agent for part in MACHINES)
