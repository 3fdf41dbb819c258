"""Reports taken in, and the incidents they belong to. 接报与事件"""
