"""The tables of cases."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('needs', '0001_initial'),
        ('office', '0001_initial'),
        ('register', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TrackingTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('number_mark', models.CharField(max_length=120)),
                ('address_mark', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='open', max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=30)),
                ('procedure', models.CharField(default='general', max_length=30)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('promised_on', models.DateField(null=True)),
                ('paused_until', models.DateField(null=True)),
                ('extensions', models.PositiveSmallIntegerField(default=0)),
                ('waits', models.BooleanField(default=False)),
                ('answer', models.CharField(default='unanswered', max_length=12)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='needs.need')),
                ('offered_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=12)),
                ('sentence', models.TextField(blank=True, default='')),
                ('due_on', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('part', models.CharField(blank=True, default='', max_length=30)),
                ('result', models.CharField(blank=True, default='', max_length=30)),
                ('number', models.CharField(blank=True, default='', max_length=60)),
                ('happened_on', models.DateField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=30)),
                ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.body')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='cases.case')),
                ('given_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='righted', to='cases.casestep')),
                ('offered_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='FormTemplate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('file_name', models.CharField(max_length=120)),
                ('content', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('noted_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('proof', models.CharField(max_length=8)),
                ('words', models.TextField()),
                ('scope', models.TextField()),
                ('given_on', models.DateField()),
                ('until', models.DateField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('heard_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('witness', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('noted_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('what', models.TextField()),
                ('why', models.TextField()),
                ('state', models.CharField(max_length=8)),
                ('reason', models.TextField(blank=True, default='')),
                ('settled_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='NearRelative',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('relation', models.CharField(max_length=12)),
                ('declared_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Original',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('noted_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('number', models.PositiveIntegerField()),
                ('what', models.TextField()),
                ('pieces', models.PositiveSmallIntegerField(default=1)),
                ('drawer', models.CharField(max_length=20)),
                ('returned_at', models.DateTimeField(null=True)),
                ('returned_to', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ProcedureVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('version', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='procedure_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Tracking',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=8, unique=True)),
                ('code', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Trip',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('noted_at', models.DateTimeField()),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('way', models.CharField(max_length=4)),
                ('on_date', models.DateField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['community', 'state', 'due_on'], name='case_by_due_day'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'reopened', 'closed', 'confirmed', 'taken_back'))), name='case_state_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['unanswered', 'solved', 'not_solved'])), name='case_answer_known'),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(fields=['case', 'at'], name='case_step_by_time'),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(fields=['kind', 'at', 'case'], name='case_step_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='formtemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('community', 'kind'), name='one_template_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('proof__in', ['heard', 'signed'])), name='mandate_proof_known'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='mandate_withdrawn_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='material',
            index=models.Index(fields=['case', 'state'], name='material_of_case'),
        ),
        migrations.AddConstraint(
            model_name='material',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['needed', 'brought', 'known', 'waived'])), name='material_state_known'),
        ),
        migrations.AddConstraint(
            model_name='nearrelative',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('staff', 'person'), name='near_relative_once'),
        ),
        migrations.AddConstraint(
            model_name='nearrelative',
            constraint=models.CheckConstraint(condition=models.Q(('relation__in', ('spouse', 'parent', 'child', 'sibling', 'grandparent', 'grandchild', 'in_law'))), name='near_relative_known'),
        ),
        migrations.AddIndex(
            model_name='original',
            index=models.Index(fields=['community', 'returned_at', 'taken_back_at'], name='original_in_drawer'),
        ),
        migrations.AddIndex(
            model_name='original',
            index=models.Index(fields=['case', 'returned_at'], name='original_of_case'),
        ),
        migrations.AddConstraint(
            model_name='original',
            constraint=models.UniqueConstraint(fields=('community', 'number'), name='original_has_its_number'),
        ),
        migrations.AddConstraint(
            model_name='original',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('returned_at', None), ('returned_by', None)), models.Q(('returned_at__isnull', False), ('returned_by__isnull', False)), _connector='OR'), name='original_returned_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='trip',
            index=models.Index(fields=['case', 'way'], name='trip_of_case'),
        ),
        migrations.AddIndex(
            model_name='trip',
            index=models.Index(fields=['community', 'way', 'on_date'], name='trip_by_day'),
        ),
        migrations.AddConstraint(
            model_name='trip',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['came', 'went'])), name='trip_way_known'),
        ),
    ]
