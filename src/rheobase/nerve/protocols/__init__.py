"""What threshold tracking measures, one protocol a file; every threshold of every axon is sought side by side."""
