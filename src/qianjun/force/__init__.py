"""Teams, their people and things, volunteers with source and consent. 力量"""
