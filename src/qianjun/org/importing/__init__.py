"""What sheets of people and units hold. 导入声明"""
