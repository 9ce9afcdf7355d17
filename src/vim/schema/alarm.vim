# SPDX-License-Identifier: LGPL-2.1-or-later

managed Alarm : ExtensibleManagedObject 2.0
        info: AlarmInfo needs System.View
        RemoveAlarm(): void
                needs Alarm.Delete
        ReconfigureAlarm(spec: AlarmSpec): void
                needs Alarm.Edit
                throws InvalidName DuplicateName

data AlarmAction : DynamicData 2.0

data AlarmDescription : DynamicData 2.0
        expr: TypeDescription[]
        stateOperator: ElementDescription[]
        metricOperator: ElementDescription[]
        hostSystemConnectionState: ElementDescription[]
        virtualMachinePowerState: ElementDescription[]
        datastoreConnectionState: ElementDescription[] 4.0
        hostSystemPowerState: ElementDescription[] 4.0
        virtualMachineGuestHeartbeatStatus: ElementDescription[] 4.0
        entityStatus: ElementDescription[]
        action: TypeDescription[]

data AlarmExpression : DynamicData 2.0

data AlarmFilterSpec : DynamicData 6.7
        status: ManagedEntityStatus[]?
        typeEntity: string?
        typeTrigger: string?

enum AlarmFilterSpecAlarmTypeByEntity 6.7
        entityTypeAll
        entityTypeHost
        entityTypeVm

enum AlarmFilterSpecAlarmTypeByTrigger 6.7
        triggerTypeAll
        triggerTypeEvent
        triggerTypeMetric

data AlarmInfo : AlarmSpec 2.0
        key: string
        alarm: Alarm
        entity: ManagedEntity
        lastModifiedTime: dateTime
        lastModifiedUser: string
        creationEventId: int

managed AlarmManager : ManagedObject 2.0
        defaultExpression: AlarmExpression[]? needs System.View
        description: AlarmDescription needs System.View
        CreateAlarm(entity: ManagedEntity, spec: AlarmSpec): Alarm
                throws InvalidName DuplicateName
        GetAlarm(entity: ManagedEntity?): Alarm[]?
                needs System.View
        AreAlarmActionsEnabled(entity: ManagedEntity): boolean 4.0
        EnableAlarmActions(entity: ManagedEntity, enabled: boolean): void 4.0
        GetAlarmState(entity: ManagedEntity): AlarmState[]?
        AcknowledgeAlarm(alarm: Alarm, entity: ManagedEntity): void 4.0
        ClearTriggeredAlarms(filter: AlarmFilterSpec): void 6.7
                needs Alarm.SetStatus
        DisableAlarm(alarm: Alarm, entity: ManagedEntity): void 6.9.1
        EnableAlarm(alarm: Alarm, entity: ManagedEntity): void 6.9.1

data AlarmSetting : DynamicData 2.0
        toleranceRange: int
        reportingFrequency: int

data AlarmSpec : DynamicData 2.0
        name: string
        systemName: string? 5.0
        description: string
        enabled: boolean
        expression: AlarmExpression
        action: AlarmAction?
        actionFrequency: int? 4.0
        setting: AlarmSetting?

data AlarmState : DynamicData 2.0
        key: string
        entity: ManagedEntity
        alarm: Alarm
        overallStatus: ManagedEntityStatus
        time: dateTime
        acknowledged: boolean? 4.0
        acknowledgedByUser: string? 4.0
        acknowledgedTime: dateTime? 4.0
        eventKey: int? 6.0
        disabled: boolean? 6.9.1

data AlarmTriggeringAction : AlarmAction 2.0
        action: Action
        transitionSpecs: AlarmTriggeringActionTransitionSpec[]? 4.0
        green2yellow: boolean
        yellow2red: boolean
        red2yellow: boolean
        yellow2green: boolean

data AlarmTriggeringActionTransitionSpec : DynamicData 4.0
        startState: ManagedEntityStatus
        finalState: ManagedEntityStatus
        repeats: boolean

data AndAlarmExpression : AlarmExpression 2.0
        expression: AlarmExpression[]

data EventAlarmExpression : AlarmExpression 2.5
        comparisons: EventAlarmExpressionComparison[]? 4.0
        eventType: TypeName
        eventTypeId: string?
        objectType: TypeName? 4.0
        status: ManagedEntityStatus? 4.0

data EventAlarmExpressionComparison : DynamicData 4.0
        attributeName: string
        operator: string
        value: string

enum EventAlarmExpressionComparisonOperator 4.0
        equals
        notEqualTo
        startsWith
        doesNotStartWith
        endsWith
        doesNotEndWith

data GroupAlarmAction : AlarmAction 2.0
        action: AlarmAction[]

data MetricAlarmExpression : AlarmExpression 2.0
        operator: MetricAlarmOperator
        type: TypeName
        metric: PerfMetricId
        yellow: int?
        yellowInterval: int? 4.0
        red: int?
        redInterval: int? 4.0

enum MetricAlarmOperator 2.0
        isAbove
        isBelow

data OrAlarmExpression : AlarmExpression 2.0
        expression: AlarmExpression[]

data StateAlarmExpression : AlarmExpression 2.0
        operator: StateAlarmOperator
        type: TypeName
        statePath: PropertyPath
        yellow: string?
        red: string?

enum StateAlarmOperator 2.0
        isEqual
        isUnequal
