"""A frame of the live view as an SVG picture, for pages about it."""

import io
import re

from rich.console import Console, RenderableType

# Rich's pictures fetch a font from the network; the reader's own will do.
_FONTS = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def picture(frame: RenderableType, title: str, columns: int = 140) -> str:
    """The frame drawn as a terminal window; the picture asks nobody for anything.

    Args:
        frame: what to draw.
        title: of the window.
        columns: how wide, in characters.
    """
    console = Console(file=io.StringIO(), width=columns, record=True, force_terminal=True)
    console.print(frame)
    return _FONTS.sub("", console.export_svg(title=title, unique_id="throughline"))
