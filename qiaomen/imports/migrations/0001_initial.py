"""The tables of imports."""

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
            name='ImportBatch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file_name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('workbook', models.TextField()),
                ('state', models.CharField(default='uploaded', max_length=12)),
                ('mapping', models.JSONField(default=dict)),
                ('made_at', models.DateTimeField()),
                ('claimed_at', models.DateTimeField(null=True)),
                ('rows_read', models.PositiveIntegerField(default=0)),
                ('created', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('same', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('notes', models.JSONField(default=list)),
                ('answers', models.JSONField(default=dict)),
                ('act', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.act')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ImportPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10)),
                ('number', models.PositiveIntegerField()),
                ('content', models.TextField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pages', to='imports.importbatch')),
            ],
        ),
        migrations.CreateModel(
            name='ImportRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(default='problem', max_length=10)),
                ('sheet', models.CharField(max_length=60)),
                ('row_no', models.PositiveIntegerField()),
                ('reasons', models.JSONField(default=list)),
                ('cells', models.TextField(default='')),
                ('differences', models.TextField(blank=True, default='')),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='imports.importbatch')),
            ],
        ),
        migrations.CreateModel(
            name='KnownMapping',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('header_sha256', models.CharField(max_length=64)),
                ('kind', models.CharField(default='roster', max_length=40)),
                ('fields', models.JSONField(default=list)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
            ],
        ),
        migrations.AddConstraint(
            model_name='importbatch',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'committing')), fields=('community',), name='one_import_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='importpage',
            constraint=models.UniqueConstraint(fields=('batch', 'kind', 'number'), name='page_once'),
        ),
        migrations.AddConstraint(
            model_name='knownmapping',
            constraint=models.UniqueConstraint(fields=('community', 'header_sha256'), name='mapping_once'),
        ),
    ]
