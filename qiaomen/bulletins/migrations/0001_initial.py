"""The tables of bulletins."""

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
            name='Bulletin',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('width', models.CharField(default='week', max_length=8)),
                ('start', models.DateField()),
                ('state', models.CharField(default='draft', max_length=10)),
                ('as_at', models.DateTimeField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_because', models.CharField(blank=True, max_length=200)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CountyReading',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('shown', models.PositiveIntegerField(null=True)),
                ('same', models.BooleanField(default=False)),
                ('record_ids', models.JSONField(default=list)),
                ('code', models.CharField(max_length=60)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('start', models.DateField()),
                ('end', models.DateField()),
                ('read_at', models.DateTimeField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='FrozenFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shown', models.PositiveIntegerField(null=True)),
                ('same', models.BooleanField(default=False)),
                ('record_ids', models.JSONField(default=list)),
                ('position', models.PositiveSmallIntegerField()),
                ('code', models.CharField(max_length=60)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('definition', models.TextField(default='')),
                ('value', models.PositiveIntegerField()),
                ('bulletin', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='bulletins.bulletin')),
            ],
        ),
        migrations.CreateModel(
            name='FrozenPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shown', models.PositiveIntegerField(null=True)),
                ('same', models.BooleanField(default=False)),
                ('record_ids', models.JSONField(default=list)),
                ('breakdown', models.CharField(max_length=20)),
                ('part', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=60)),
                ('figure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='bulletins.frozenfigure')),
            ],
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'withdrawn'])), name='bulletin_state_known'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('as_at__isnull', False), _connector='OR'), name='published_bulletin_has_its_moment'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(('width__in', ('week', 'month', 'quarter'))), name='bulletin_width_known'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('community', 'width', 'start'), name='one_bulletin_a_period'),
        ),
        migrations.AddConstraint(
            model_name='countyreading',
            constraint=models.UniqueConstraint(fields=('community', 'code', 'start', 'end'), name='read_once_by_the_county'),
        ),
        migrations.AddConstraint(
            model_name='frozenfigure',
            constraint=models.UniqueConstraint(fields=('bulletin', 'code'), name='figure_once'),
        ),
        migrations.AddConstraint(
            model_name='frozenpart',
            constraint=models.UniqueConstraint(fields=('figure', 'breakdown', 'part'), name='part_once'),
        ),
    ]
