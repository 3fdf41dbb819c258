"""A second proof at the log-in: a code from a phone, or a security key. 登录保护"""
