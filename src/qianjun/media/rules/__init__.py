"""What a file is, how much is let in, what is said of it: values alone. 媒体规则"""
