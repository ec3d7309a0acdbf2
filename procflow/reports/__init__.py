"""What people and programs read: findings, audits and cases as text and as JSON."""
