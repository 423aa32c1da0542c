"""The tables of sheets."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('office', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('view', models.CharField(max_length=30)),
                ('asked_for', models.TextField(default='')),
                ('frozen', models.TextField(default='')),
                ('purpose', models.CharField(max_length=100)),
                ('clear_reason', models.CharField(blank=True, max_length=100)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(default='asked', max_length=10)),
                ('asked_at', models.DateTimeField(db_index=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('refusal', models.CharField(blank=True, max_length=100)),
                ('expires_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField(null=True)),
                ('marks', models.BinaryField(default=b'')),
                ('locked', models.BinaryField(default=b'')),
                ('link_sha256', models.CharField(blank=True, max_length=64)),
                ('link_until', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('community', 'number'), name='export_number_once'), models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'approved', 'refused', 'taken'])), name='export_state_known'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='export_decided_by_another')],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=30)),
                ('view', models.CharField(max_length=30)),
                ('columns', models.JSONField(default=list)),
                ('filters', models.TextField(blank=True, default='')),
                ('sort', models.CharField(blank=True, max_length=60)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('owner', 'name'), name='saved_view_once')],
            },
        ),
    ]
