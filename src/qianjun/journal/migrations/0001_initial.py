
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='事件')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('kind', models.CharField(default='system', max_length=10, verbose_name='类别')),
                ('incident', models.BigIntegerField(null=True, verbose_name='事件编号')),
                ('about_kind', models.CharField(blank=True, default='', max_length=40, verbose_name='关于')),
                ('about_id', models.CharField(blank=True, default='', max_length=64, verbose_name='关于编号')),
                ('by_kind', models.CharField(max_length=10, verbose_name='谁')),
                ('by_id', models.CharField(blank=True, default='', max_length=64, verbose_name='谁的编号')),
                ('by_role', models.CharField(blank=True, default='', max_length=40, verbose_name='以何角色')),
                ('cause', models.BigIntegerField(null=True, verbose_name='起因')),
                ('corrects', models.BigIntegerField(null=True, verbose_name='更正')),
                ('at', models.DateTimeField(verbose_name='业务时间')),
                ('happened_at', models.DateTimeField(verbose_name='发生时间')),
                ('recorded_at', models.DateTimeField(verbose_name='记录时间')),
                ('transaction', models.BigIntegerField(verbose_name='事务号')),
                ('payload', models.JSONField(verbose_name='内容')),
                ('digest', models.CharField(blank=True, default='', max_length=64, verbose_name='正文摘要')),
            ],
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about_kind', models.CharField(max_length=40, verbose_name='关于')),
                ('about_id', models.CharField(max_length=64, verbose_name='关于编号')),
                ('mark', models.CharField(choices=[('public', '公开'), ('internal', '内部'), ('barred', '不得录入')], max_length=10, verbose_name='标记')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('by_kind', models.CharField(max_length=10, verbose_name='谁')),
                ('by_id', models.CharField(blank=True, default='', max_length=64, verbose_name='谁的编号')),
                ('by_role', models.CharField(blank=True, default='', max_length=40, verbose_name='以何角色')),
                ('why', models.CharField(max_length=200, verbose_name='理由')),
            ],
            options={
                'verbose_name': '标记',
                'indexes': [models.Index(fields=['about_kind', 'about_id', '-id'], name='mark_of_record')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reaction', models.CharField(max_length=80, verbose_name='反应')),
                ('cause', models.TextField(verbose_name='原因')),
                ('attempts', models.PositiveSmallIntegerField(verbose_name='次数')),
                ('made_at', models.DateTimeField(verbose_name='产生时间')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='处理时间')),
                ('settled_how', models.CharField(blank=True, max_length=10, verbose_name='处理方式')),
                ('reason', models.TextField(blank=True, verbose_name='理由')),
            ],
        ),
        migrations.CreateModel(
            name='ClockRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.DateTimeField(verbose_name='业务时间')),
                ('real', models.DateTimeField(verbose_name='真实时间')),
                ('speed', models.FloatField(default=1.0, verbose_name='倍速')),
            ],
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('series', models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name='序列')),
                ('last', models.BigIntegerField(verbose_name='末号')),
            ],
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about_kind', models.CharField(max_length=40, verbose_name='关于')),
                ('about_id', models.CharField(max_length=64, verbose_name='关于编号')),
                ('kind', models.CharField(max_length=40, verbose_name='时限种类')),
                ('started_at', models.DateTimeField(verbose_name='起算')),
                ('due_at', models.DateTimeField(verbose_name='到期')),
                ('met_at', models.DateTimeField(null=True, verbose_name='完成')),
                ('rule', models.CharField(blank=True, max_length=120, verbose_name='依据')),
            ],
        ),
        migrations.CreateModel(
            name='Done',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reaction', models.CharField(max_length=80, verbose_name='反应')),
            ],
        ),
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=80, primary_key=True, serialize=False, verbose_name='名称')),
                ('at', models.DateTimeField(verbose_name='时间')),
            ],
        ),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.BigIntegerField(unique=True, verbose_name='序号')),
                ('prev', models.CharField(max_length=72, verbose_name='前一摘要')),
                ('hash', models.CharField(max_length=72, verbose_name='摘要')),
            ],
        ),
        migrations.CreateModel(
            name='Timer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True, verbose_name='键')),
                ('due_at', models.DateTimeField(verbose_name='到期')),
                ('name', models.CharField(max_length=80, verbose_name='事件')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='版本')),
                ('payload', models.JSONField(verbose_name='内容')),
                ('incident', models.BigIntegerField(null=True, verbose_name='事件编号')),
                ('cause', models.BigIntegerField(null=True, verbose_name='起因')),
                ('done_at', models.DateTimeField(null=True, verbose_name='完成时间')),
            ],
        ),
        migrations.CreateModel(
            name='Body',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='body', serialize=False, to='journal.entry')),
                ('salt', models.CharField(blank=True, max_length=64, verbose_name='盐')),
                ('text', models.TextField(blank=True, verbose_name='正文')),
                ('erased_at', models.DateTimeField(null=True, verbose_name='删除时间')),
            ],
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['incident', 'happened_at', 'id'], name='entry_of_incident'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['name', 'id'], name='entry_by_name'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['transaction', 'id'], name='entry_to_seal'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('about_kind', ''), _negated=True), fields=['about_kind', 'about_id'], name='entry_about'),
        ),
        migrations.AddField(
            model_name='card',
            name='entry',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journal.entry'),
        ),
        migrations.AddConstraint(
            model_name='clockrow',
            constraint=models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_clock'),
        ),
        migrations.AddConstraint(
            model_name='clockrow',
            constraint=models.CheckConstraint(condition=models.Q(('speed__gte', 0), ('speed__lte', 60)), name='clock_speed'),
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('met_at__isnull', True)), fields=['due_at'], name='deadline_open'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.UniqueConstraint(fields=('about_kind', 'about_id', 'kind', 'started_at'), name='deadline_once'),
        ),
        migrations.AddField(
            model_name='done',
            name='entry',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journal.entry'),
        ),
        migrations.AddField(
            model_name='seal',
            name='entry',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='journal.entry'),
        ),
        migrations.AddIndex(
            model_name='timer',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['due_at'], name='timer_waiting'),
        ),
        migrations.AddConstraint(
            model_name='card',
            constraint=models.UniqueConstraint(condition=models.Q(('settled_at__isnull', True)), fields=('entry', 'reaction'), name='card_once'),
        ),
        migrations.AddConstraint(
            model_name='done',
            constraint=models.UniqueConstraint(fields=('entry', 'reaction'), name='reaction_once'),
        ),
    ]
