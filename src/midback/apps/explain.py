"""What an error of Python or of the operating system means, in one sentence with a way out."""

from __future__ import annotations

import errno

_LIBRARIES = {
    "libGL.so": ("libgl1", "mesa-libGL"),
    "libEGL.so": ("libegl1", "mesa-libEGL"),
    "libGLESv2.so": ("libgles2", "mesa-libGLES"),
    "libgthread-2.0.so": ("libglib2.0-0", "glib2"),
    "libglib-2.0.so": ("libglib2.0-0", "glib2"),
    "libxcb": ("libxcb1", "libxcb"),
    "libX11.so": ("libx11-6", "libX11"),
    "libXrender.so": ("libxrender1", "libXrender"),
    "libSM.so": ("libsm6", "libSM"),
    "libICE.so": ("libice6", "libICE"),
    "libXext.so": ("libxext6", "libXext"),
    "libXt.so": ("libxt6", "libXt"),
    "libz.so": ("zlib1g", "zlib"),
    "libstdc++.so": ("libstdc++6", "libstdc++"),
    "libgomp.so": ("libgomp1", "libgomp"),
    "libportaudio": ("libportaudio2", "portaudio"),
}


def explain_import_error(error: ImportError) -> str:
    """One sentence that names what to install: a system package, or midback's own again."""
    text = str(error)
    for library, (debian, fedora) in _LIBRARIES.items():
        if library in text:
            missing = text.partition(":")[0]
            return (
                f"the system library {missing} is missing: install it with "
                f"'apt install {debian}' (Debian, Ubuntu) or 'dnf install {fedora}' (Fedora)"
            )
    if ".so" in text and "cannot open shared object" in text:
        missing = text.partition(":")[0]
        return f"the system library {missing} is missing: install the system package that has it"
    what = f"the Python package '{error.name}'" if error.name else text
    return f"{what} cannot be imported: install midback again with 'pip install --upgrade midback'"


def explain_os_error(error: OSError) -> str:
    """One sentence for a file that cannot be read or written."""
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{where}the disk is full: free some space or choose another place"
    return f"{where}{error.strerror or error}"
