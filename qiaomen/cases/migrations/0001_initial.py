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
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(default='open', max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('due_on', models.DateField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, default='', max_length=30)),
                ('answer', models.CharField(default='unanswered', max_length=12)),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('need', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='needs.need')),
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
                ('outcome', models.CharField(blank=True, default='', max_length=30)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='cases.case')),
                ('given_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('of', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='righted', to='cases.casestep')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
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
    ]
