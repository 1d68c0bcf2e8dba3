"""`python -m salon.cli`."""

from salon.cli.main import main

if __name__ == "__main__":
    main()
