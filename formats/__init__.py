"""Files that people write, read with file, line and a clear word on what was expected; and the root of all errors."""

from formats.errors import FormatError, SangdamError
from formats.yaml_file import Located, YamlFile, load_yaml

__all__ = ["FormatError", "Located", "SangdamError", "YamlFile", "load_yaml"]
