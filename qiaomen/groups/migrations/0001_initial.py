"""The tables of groups."""

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
            name='GroupRun',
            fields=[
                ('community', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='office.organisation')),
                ('day', models.DateField(null=True)),
                ('stamp', models.CharField(blank=True, max_length=120)),
                ('at', models.DateTimeField(null=True)),
                ('unknown', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='CareGroup',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=300)),
                ('title', models.CharField(max_length=300)),
                ('tier', models.CharField(max_length=300)),
                ('child', models.BooleanField(default=False)),
                ('purpose', models.CharField(blank=True, default='', max_length=300)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='GroupChoice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('from_date', models.DateField(null=True)),
                ('to_date', models.DateField(null=True)),
                ('kind', models.CharField(max_length=10)),
                ('reason', models.TextField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='choices', to='groups.caregroup')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
            ],
        ),
        migrations.CreateModel(
            name='GroupDefinition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('from_date', models.DateField(null=True)),
                ('to_date', models.DateField(null=True)),
                ('when', models.TextField()),
                ('numbers', models.JSONField(default=dict)),
                ('source', models.TextField()),
                ('reason', models.TextField(blank=True, default='')),
                ('made_at', models.DateTimeField()),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='definitions', to='groups.caregroup')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('from_date', models.DateField(null=True)),
                ('to_date', models.DateField(null=True)),
                ('entered', models.JSONField(default=dict)),
                ('left', models.JSONField(default=dict)),
                ('definition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='groups.groupdefinition')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='groups.caregroup')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='register.person')),
            ],
        ),
        migrations.CreateModel(
            name='OpenQuestion',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='register.person')),
                ('codes', models.JSONField(default=list)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='office.organisation')),
            ],
        ),
        migrations.AddConstraint(
            model_name='caregroup',
            constraint=models.UniqueConstraint(fields=('community', 'code'), name='group_once'),
        ),
        migrations.AddConstraint(
            model_name='groupchoice',
            constraint=models.UniqueConstraint(condition=models.Q(('to_date', None)), fields=('group', 'person'), name='one_open_choice'),
        ),
        migrations.AddConstraint(
            model_name='groupchoice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['added', 'excluded'])), name='choice_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='groupdefinition',
            constraint=models.UniqueConstraint(condition=models.Q(('to_date', None)), fields=('group',), name='one_open_definition'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(condition=models.Q(('to_date', None)), fields=('group', 'person'), name='one_open_membership'),
        ),
    ]
