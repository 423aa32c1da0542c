"""The tables of needs."""

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
            name='Need',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=12)),
                ('words', models.TextField()),
                ('handling', models.CharField(max_length=12)),
                ('mandated', models.BooleanField(null=True)),
                ('origin', models.CharField(max_length=10)),
                ('heard_at', models.DateTimeField(db_index=True)),
                ('received_at', models.DateTimeField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='office.organisation')),
                ('heard_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.household')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='register.person')),
                ('visit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='visits.visit')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('repair', 'benefit', 'care', 'work', 'health', 'schooling', 'errand', 'neighbours', 'safety', 'cleaning', 'company', 'other'))), name='need_kind_known'), models.CheckConstraint(condition=models.Q(('handling__in', ('on_the_spot', 'mine', 'office', 'urgent'))), name='need_handling_known'), models.CheckConstraint(condition=models.Q(('origin__in', ('visit', 'window', 'telephone'))), name='need_origin_known')],
            },
        ),
    ]
