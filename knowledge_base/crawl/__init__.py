"""Pages of the company's site as documents: fetched politely, from public addresses only."""

from knowledge_base.crawl.crawler import Crawler, CrawlOptions, CrawlReport, crawl

__all__ = ["CrawlOptions", "CrawlReport", "Crawler", "crawl"]
