"""The tables of visits."""

import datetime
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('groups', '0001_initial'),
        ('office', '0001_initial'),
        ('register', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DueRun',
            fields=[
                ('community', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='office.organisation')),
                ('day', models.DateField(null=True)),
                ('stamp', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(null=True)),
                ('doors', models.JSONField(default=dict)),
                ('question', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('outcome', models.CharField(max_length=16)),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('note', models.TextField(blank=True, default='')),
                ('origin', models.CharField(max_length=10)),
                ('taken_back_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('dwelling', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.dwelling')),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.household')),
            ],
        ),
        migrations.CreateModel(
            name='Cadence',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('every_days', models.PositiveIntegerField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('group', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='groups.caregroup')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('weekdays', models.JSONField(default=list)),
                ('starts_at', models.TimeField(default=datetime.time(14, 30))),
                ('minutes', models.PositiveIntegerField(default=150)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('members', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
                ('women', models.ManyToManyField(related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('day', models.DateField()),
                ('starts_at', models.TimeField(default=datetime.time(14, 30))),
                ('minutes', models.PositiveIntegerField(default=150)),
                ('state', models.CharField(default='planned', max_length=10)),
                ('cause', models.CharField(blank=True, max_length=200)),
                ('price', models.PositiveIntegerField(null=True)),
                ('hasty', models.BooleanField(default=False)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='visits.team')),
            ],
        ),
        migrations.CreateModel(
            name='VisitDetail',
            fields=[
                ('visit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='visits.visit')),
                ('said', models.TextField()),
            ],
        ),
        migrations.AddField(
            model_name='visit',
            name='round',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='visits.round'),
        ),
        migrations.AddField(
            model_name='visit',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='DueVisit',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('clock', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=300)),
                ('way', models.CharField(max_length=6)),
                ('weight', models.FloatField(default=1.0)),
                ('since', models.DateField(null=True)),
                ('promised_on', models.DateField(null=True)),
                ('opens_on', models.DateField()),
                ('due_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('state', models.CharField(default='open', max_length=10)),
                ('history', models.JSONField(default=list)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('dwelling', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='register.dwelling')),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='visits.visit')),
            ],
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('before', models.TextField()),
                ('after', models.TextField()),
                ('made_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('fields', models.JSONField(default=list)),
                ('code', models.CharField(blank=True, max_length=300)),
                ('told', models.TextField(blank=True, default='')),
                ('found_at', models.DateTimeField()),
                ('choice', models.CharField(blank=True, max_length=8)),
                ('settled_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
            ],
        ),
        migrations.CreateModel(
            name='VisitMinutes',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('floors', models.CharField(blank=True, max_length=6)),
                ('learnt', models.FloatField(null=True)),
                ('counted', models.PositiveIntegerField(default=0)),
                ('own', models.FloatField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('door', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='register.dwelling')),
            ],
        ),
        migrations.CreateModel(
            name='VisitPhoto',
            fields=[
                ('photo_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='office.photo')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='visits.visit')),
            ],
            bases=('office.photo',),
        ),
        migrations.CreateModel(
            name='VisitRequest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=40)),
                ('due_on', models.DateField()),
                ('starts_at', models.TimeField(null=True)),
                ('ends_at', models.TimeField(null=True)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('open', models.BooleanField(default=True)),
                ('kept', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='register.household')),
            ],
        ),
        migrations.CreateModel(
            name='VisitVoice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('media', models.CharField(max_length=20)),
                ('seconds', models.PositiveSmallIntegerField()),
                ('size', models.PositiveIntegerField()),
                ('consented_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voices', to='visits.visit')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VisitWish',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('no_visits', models.BooleanField(default=False)),
                ('phone_instead', models.BooleanField(default=False)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_to', models.TimeField(null=True)),
                ('most_per_month', models.PositiveIntegerField(null=True)),
                ('two_first', models.BooleanField(default=False)),
                ('words', models.TextField(blank=True, default='')),
                ('said_at', models.DateTimeField()),
                ('until', models.DateField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.household')),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('whom', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CadencePromise',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('from_date', models.DateField()),
                ('terms', models.JSONField(default=dict)),
                ('doors', models.JSONField(default=dict)),
                ('weekly_minutes', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['community', 'from_date'], name='promise_by_day')],
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('from_date', models.DateField()),
                ('to_date', models.DateField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('cover', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('from_date__lte', models.F('to_date'))), name='leave_has_days')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateField()),
                ('reason', models.TextField(blank=True, default='')),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.household')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('household',), name='one_open_pause')],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('floor', models.SmallIntegerField(null=True)),
                ('kind', models.CharField(max_length=12)),
                ('words', models.TextField(blank=True, default='')),
                ('handling', models.CharField(max_length=12)),
                ('happened_at', models.DateTimeField()),
                ('received_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('entrance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.entrance')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.round')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('repair', 'safety', 'cleaning', 'other'))), name='finding_kind_known'), models.CheckConstraint(condition=models.Q(('handling__in', ('on_the_spot', 'mine', 'office', 'urgent'))), name='finding_handling_known')],
            },
        ),
        migrations.CreateModel(
            name='RoundDoor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('reason_code', models.CharField(max_length=300)),
                ('days', models.PositiveIntegerField(default=0)),
                ('arrive_minute', models.PositiveIntegerField(null=True)),
                ('must', models.BooleanField(default=False)),
                ('by_hand', models.BooleanField(default=False)),
                ('due', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='visits.duevisit')),
                ('dwelling', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.dwelling')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='doors', to='visits.round')),
                ('walker', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('round', 'dwelling'), name='door_once_a_round'), models.UniqueConstraint(fields=('round', 'position'), name='position_once_a_round')],
            },
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.UniqueConstraint(fields=('community', 'name'), name='team_once'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'cancelled'), _negated=True), fields=('team', 'day'), name='round_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'cancelled'])), name='round_state_known'),
        ),
        migrations.AddIndex(
            model_name='visit',
            index=models.Index(fields=['community', 'happened_at'], name='visit_by_time'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ('met', 'no_answer', 'refused', 'by_phone', 'moved', 'died', 'wrong_address', 'shortened', 'by_video', 'by_other'))), name='visit_outcome_known'),
        ),
        migrations.AddConstraint(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('origin__in', ['phone', 'paper', 'desk'])), name='visit_origin_known'),
        ),
        migrations.AddIndex(
            model_name='duevisit',
            index=models.Index(fields=['community', 'state', 'due_on'], name='due_by_day'),
        ),
        migrations.AddIndex(
            model_name='duevisit',
            index=models.Index(fields=['dwelling', 'state'], name='due_by_door'),
        ),
        migrations.AddIndex(
            model_name='duevisit',
            index=models.Index(fields=['community', 'promised_on'], name='due_by_promise'),
        ),
        migrations.AddConstraint(
            model_name='duevisit',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'done', 'cancelled'])), name='due_state_known'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.UniqueConstraint(fields=('first', 'second', 'person', 'code'), name='two_versions_once'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(('choice__in', ['', 'first', 'second', 'both'])), name='choice_known'),
        ),
        migrations.AddConstraint(
            model_name='visitminutes',
            constraint=models.UniqueConstraint(condition=models.Q(('door', None)), fields=('community', 'kind', 'floors'), name='minutes_once'),
        ),
        migrations.AddConstraint(
            model_name='visitminutes',
            constraint=models.UniqueConstraint(fields=('kind', 'door'), name='minutes_once_a_door'),
        ),
        migrations.AddConstraint(
            model_name='visitrequest',
            constraint=models.UniqueConstraint(fields=('community', 'key'), name='visit_request_once'),
        ),
        migrations.AddConstraint(
            model_name='visitvoice',
            constraint=models.CheckConstraint(condition=models.Q(('seconds__gte', 1), ('seconds__lte', 60)), name='visitvoice_is_one_line'),
        ),
        migrations.AddConstraint(
            model_name='visitwish',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('household',), name='one_open_wish'),
        ),
    ]
