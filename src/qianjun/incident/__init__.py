"""Reports taken in, incidents, their figures and their closing. 接报与突发事件"""
