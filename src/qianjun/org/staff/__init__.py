"""Who works here, who may sign in, and who has which role. 人员与角色"""
