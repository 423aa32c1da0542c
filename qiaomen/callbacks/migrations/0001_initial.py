"""The tables of this house."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('office', '0001_initial'),
        ('register', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Sample',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('figure', models.CharField(max_length=60)),
                ('of_type', models.CharField(max_length=40)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('as_at', models.DateTimeField()),
                ('by', models.CharField(blank=True, default='', max_length=10)),
                ('frame', models.JSONField()),
                ('frame_hash', models.CharField(max_length=64)),
                ('left_out', models.JSONField(default=dict)),
                ('replaced', models.JSONField(default=list)),
                ('end_hash', models.CharField(blank=True, default='', max_length=64)),
                ('quotas', models.JSONField()),
                ('levels', models.JSONField()),
                ('commitment', models.CharField(max_length=64)),
                ('secret', models.TextField()),
                ('salt', models.TextField()),
                ('state', models.CharField(default='framed', max_length=8)),
                ('public_value', models.CharField(blank=True, default='', max_length=80)),
                ('seed', models.CharField(blank=True, default='', max_length=64)),
                ('made_at', models.DateTimeField()),
                ('drawn_at', models.DateTimeField(null=True)),
                ('redraw_because', models.CharField(blank=True, default='', max_length=200)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('drawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('redraw_of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redraws', to='callbacks.sample')),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=10)),
                ('of_type', models.CharField(max_length=40)),
                ('row', models.UUIDField()),
                ('stratum', models.CharField(blank=True, default='', max_length=60)),
                ('place', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('because', models.CharField(blank=True, default='', max_length=10)),
                ('due_on', models.DateField()),
                ('code', models.CharField(blank=True, default='', max_length=8)),
                ('answer', models.TextField(blank=True, default='')),
                ('asked_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('way', models.CharField(blank=True, default='', max_length=10)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('caller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.household')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('sample', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='callbacks.sample')),
            ],
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('way', models.CharField(max_length=10)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='callbacks.call')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('call', 'at'), name='one_try_at_a_moment')],
            },
        ),
        migrations.CreateModel(
            name='CallbackRules',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('levels', models.JSONField()),
                ('months_apart', models.PositiveSmallIntegerField(default=6)),
                ('checks', models.JSONField(default=list)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('community',), name='one_way_of_asking')],
            },
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('framed', 'drawn'))), name='sample_state_known'),
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'framed'), ('drawn_at__isnull', False), _connector='OR'), name='drawn_sample_has_its_moment'),
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.CheckConstraint(condition=models.Q(('redraw_of', None), models.Q(('redraw_because', ''), _negated=True), _connector='OR'), name='redraw_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='sample',
            constraint=models.UniqueConstraint(condition=models.Q(('redraw_of', None)), fields=('community', 'figure', 'start', 'end'), name='one_draw_of_a_list'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['caller', 'state', 'due_on'], name='call_by_caller'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['household', 'answered_at'], name='call_by_household'),
        ),
        migrations.AddIndex(
            model_name='call',
            index=models.Index(fields=['person', 'answered_at'], name='call_by_person'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ('round', 'four_week', 'month_1', 'month_3', 'month_6'))), name='call_purpose_known'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('waiting', 'answered', 'no_answer', 'gone'))), name='call_state_known'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'gone'), _negated=True), models.Q(('because', ''), _negated=True), _connector='OR'), name='gone_call_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='answer_has_its_moment'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(condition=models.Q(('sample__isnull', False)), fields=('sample', 'row'), name='asked_once_a_round'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(condition=models.Q(('sample__isnull', True)), fields=('purpose', 'row'), name='checked_once'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='slip_code_once'),
        ),
    ]
