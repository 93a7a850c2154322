CREATE TABLE `completed_by` (
	`school` text NOT NULL,
	`automation` text NOT NULL,
	PRIMARY KEY(`school`, `automation`)
) WITHOUT ROWID;--> statement-breakpoint
INSERT INTO completed_by (school, automation) SELECT school, automation FROM (SELECT DISTINCT school, automation, status FROM runs INDEXED BY runs_by_automation LIMIT -1) WHERE status = 'completed';--> statement-breakpoint
CREATE TRIGGER `completed_by_of_a_school` BEFORE INSERT ON `completed_by` WHEN NEW.school <> '' AND NOT EXISTS (SELECT 1 FROM schools WHERE id = NEW.school)
BEGIN SELECT RAISE(ABORT, 'school_is_gone'); END;--> statement-breakpoint
CREATE TRIGGER `completed_by_come` AFTER INSERT ON `runs` WHEN NEW.status = 'completed' AND NOT EXISTS (SELECT 1 FROM completed_by WHERE school = NEW.school AND automation = NEW.automation)
BEGIN
  INSERT INTO completed_by (school, automation) VALUES (NEW.school, NEW.automation);
END;--> statement-breakpoint
CREATE TRIGGER `completed_by_change` AFTER UPDATE OF status ON `runs` WHEN NEW.status = 'completed' AND OLD.status <> 'completed' AND NOT EXISTS (SELECT 1 FROM completed_by WHERE school = NEW.school AND automation = NEW.automation)
BEGIN
  INSERT INTO completed_by (school, automation) VALUES (NEW.school, NEW.automation);
END;--> statement-breakpoint
CREATE TRIGGER `completed_by_go` AFTER DELETE ON `runs` WHEN OLD.status = 'completed' AND NOT EXISTS (SELECT 1 FROM runs WHERE school = OLD.school AND automation = OLD.automation AND status = 'completed')
BEGIN
  DELETE FROM completed_by WHERE school = OLD.school AND automation = OLD.automation;
END;
