"""Routes of the incident module. 接口"""

from ninja import Router

router = Router()
