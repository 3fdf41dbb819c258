"""Words of tasks in templates. 任务标签"""
