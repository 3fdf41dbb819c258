"""What sheets of places hold. 导入声明"""
