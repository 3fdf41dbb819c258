"""What the duty room sends each morning, and what must be sent by when. 每日值班信息"""
