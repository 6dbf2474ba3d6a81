"""moto, corrected where it differs from AWS's documented behaviour, with regions that can be lost."""
