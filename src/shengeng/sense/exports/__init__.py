"""Files that shop systems export, recognised, shown before they count, and brought in as canonical facts."""
