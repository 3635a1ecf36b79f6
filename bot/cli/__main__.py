"""`python -m bot.cli`: the same as the `sangdam` command."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
