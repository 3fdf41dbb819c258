"""Who is away and who stands in for him, judged by domain time. 外出报备与代班"""
