"""Scripts that make what the repository carries. 工具"""
