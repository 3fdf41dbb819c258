"""Units, people, roles, posts, links and tokens. 组织机构与权限"""
