"""The tables of calls."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('office', '0001_initial'),
        ('register', '0001_initial'),
        ('visits', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('from_at', models.DateTimeField()),
                ('until', models.DateField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('building', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.building')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('compound', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.compound')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Sweep',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=40)),
                ('codes', models.JSONField(default=list)),
                ('from_age', models.PositiveIntegerField(default=18)),
                ('to_age', models.PositiveIntegerField(default=120)),
                ('from_date', models.DateField()),
                ('until', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('compound', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.compound')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SweepReply',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(max_length=10)),
                ('way', models.CharField(max_length=6)),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('askings', models.JSONField(default=list)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.household')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sweep', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='calls.sweep')),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('way', models.CharField(default='phone', max_length=6)),
                ('outcome', models.CharField(max_length=12)),
                ('why', models.CharField(blank=True, max_length=300)),
                ('note', models.TextField(blank=True, default='')),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calls.alert')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.household')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='visits.visit')),
            ],
            options={
                'indexes': [models.Index(fields=['community', 'happened_at'], name='call_by_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ('well', 'worry', 'later', 'no_answer', 'wrong_number', 'declined'))), name='call_outcome_known'), models.CheckConstraint(condition=models.Q(('way__in', ('phone', 'video', 'other'))), name='call_way_known')],
            },
        ),
        migrations.CreateModel(
            name='GoBetween',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('name', models.TextField()),
                ('phone', models.TextField(blank=True, default='')),
                ('said_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.household')),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('household',), name='one_open_go_between'), models.CheckConstraint(condition=models.Q(('kind__in', ['neighbour', 'volunteer', 'relative'])), name='go_between_kind_known')],
            },
        ),
        migrations.AddConstraint(
            model_name='sweep',
            constraint=models.CheckConstraint(condition=models.Q(('from_date__lte', models.F('until'))), name='sweep_has_days'),
        ),
        migrations.AddConstraint(
            model_name='sweep',
            constraint=models.CheckConstraint(condition=models.Q(('from_age__lte', models.F('to_age'))), name='sweep_has_ages'),
        ),
        migrations.AddConstraint(
            model_name='sweepreply',
            constraint=models.UniqueConstraint(fields=('sweep', 'household'), name='sweep_reply_once'),
        ),
        migrations.AddConstraint(
            model_name='sweepreply',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['answered', 'refused'])), name='sweep_reply_known'),
        ),
        migrations.AddConstraint(
            model_name='sweepreply',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['door', 'phone', 'desk'])), name='sweep_way_known'),
        ),
    ]
