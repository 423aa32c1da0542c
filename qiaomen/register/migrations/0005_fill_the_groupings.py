"""Give the people who were there before their register, door and family."""

import uuid

from django.db import migrations


def fill(apps, schema_editor):
    names = ("Person", "Registration", "Residence", "Family", "FamilyMember")
    Person, Registration, Residence, Family, FamilyMember = (apps.get_model("register", name) for name in names)
    families, registrations, residences, members = {}, [], [], []
    people = Person.objects.select_related("household").only("id", "community_id", "household__dwelling_id")
    for person in people.iterator(chunk_size=2000):
        home = person.household
        family = families.setdefault(home.pk, Family(id=uuid.uuid4(), community_id=person.community_id))
        registrations.append(Registration(id=uuid.uuid4(), person=person, household=home))
        members.append(FamilyMember(id=uuid.uuid4(), person=person, family=family))
        if home.dwelling_id:
            residences.append(Residence(id=uuid.uuid4(), person=person, dwelling_id=home.dwelling_id))
    Family.objects.bulk_create(families.values(), batch_size=500)
    Registration.objects.bulk_create(registrations, batch_size=500)
    FamilyMember.objects.bulk_create(members, batch_size=500)
    Residence.objects.bulk_create(residences, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("register", "0004_three_groupings_and_history")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
