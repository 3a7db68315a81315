"""The local web app: parses requests, calls the product, renders pages. No judgement here."""
