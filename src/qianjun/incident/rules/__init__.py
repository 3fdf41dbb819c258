"""What a report and its numbers mean, judged from values alone. 研判规则"""
