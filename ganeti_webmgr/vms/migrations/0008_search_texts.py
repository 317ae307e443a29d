"""Machines that were read before can be found at once, not only after their next change."""

from django.db import migrations

CHUNK = 500


def fill(apps, schema_editor):
    texts = apps.get_model("vms", "SearchText").objects
    machines = apps.get_model("vms", "VirtualMachine").objects.only(
        "name", "os", "tag_lines", "address_lines"
    )
    ready = []
    for vm in machines.iterator(CHUNK):
        text = f"{vm.name}\n{vm.os}\n{vm.tag_lines}\n{vm.address_lines}".lower()
        ready.append(texts.model(vm=vm, text=text, tag_lines=vm.tag_lines))
    texts.bulk_create(ready, batch_size=CHUNK)


class Migration(migrations.Migration):
    dependencies = [
        ("vms", "0007_search"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
