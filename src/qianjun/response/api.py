"""Routes of the response module. 接口"""

from ninja import Router

router = Router()
